BEGIN
    BEGIN
        IF regrow$advance THEN
            regrow$fenced := {ledger}.advance(
                regrow$build, regrow$generation, 0, regrow$from, regrow$to, regrow$read, regrow$applied,
                regrow$hash_sum, regrow$anchor, regrow$envelope, regrow$payload, regrow$system, regrow$timeline,
                regrow$snapshot);
            IF regrow$fenced IS NOT NULL THEN
                RETURN;
            END IF;
        END IF;
        {first}
        regrow$at := regrow$first;
        WHILE regrow$at <= regrow$last LOOP
            regrow$kind := regrow$kinds[regrow$at + 1];
