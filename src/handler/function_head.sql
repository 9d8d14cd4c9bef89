BEGIN
    BEGIN
        IF regrow$advance THEN
            regrow$fenced := regrow.advance(regrow$build, regrow$generation, regrow$from, regrow$to,
                                            regrow$read, regrow$applied);
            IF regrow$fenced IS NOT NULL THEN
                RETURN;
            END IF;
        END IF;
        regrow$at := regrow$first;
        WHILE regrow$at <= regrow$last LOOP
            regrow$kind := regrow$kinds[regrow$at + 1];
