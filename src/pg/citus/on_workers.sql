-- What each worker answers to the question $1.
SELECT pg_catalog.format('%s:%s', nodename, nodeport), success, result
  FROM pg_catalog.run_command_on_workers($1)
