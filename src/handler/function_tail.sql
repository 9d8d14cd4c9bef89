            regrow$at := regrow$at + 1;
        END LOOP;
        regrow$at := NULL;
    EXCEPTION WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS regrow$sqlstate = RETURNED_SQLSTATE, regrow$message = MESSAGE_TEXT,
            regrow$detail = PG_EXCEPTION_DETAIL, regrow$hint = PG_EXCEPTION_HINT,
            regrow$context = PG_EXCEPTION_CONTEXT;
    END;
END
