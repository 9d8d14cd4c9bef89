SELECT string_agg(pg_catalog.concat(name, '=', CASE
           WHEN name IN ('TimeZone') AND setting IN ('Etc/UTC', 'GMT', 'Etc/GMT', 'Zulu', 'Etc/Zulu') THEN 'UTC'
           WHEN name IN ('lc_monetary', 'lc_numeric', 'lc_time') AND setting IN ('POSIX', 'C.UTF-8', 'C.utf8') THEN 'C'
           ELSE setting END), E'\n' ORDER BY name)
  FROM pg_catalog.pg_settings
 WHERE name IN ('TimeZone', 'timezone_abbreviations', 'DateStyle', 'IntervalStyle', 'extra_float_digits', 'bytea_output',
                'array_nulls', 'lc_monetary', 'lc_numeric', 'lc_time', 'xmlbinary', 'xmloption')
