"""Many inputs screened before a person reads any: what to read first, and what no single form shows.

command    assistant batch …    -> run            the command line, its progress and exit codes
inputs     PATH…                -> Input          files, folders, zips within zips, each with its print
journal    Input, result        -> a run folder   SQLite: what is done survives whatever happens
run        Inputs               -> journal        reading and checking on all cores, drafting beside it
worker     Job                  -> Outcome        one input read, checked and drafted, in a process of its own
executor   Job                  -> Outcome        where jobs are worked: processes here, or a Dask cluster; limits
pace       429s and answers     -> a number       how many questions may be out at once
progress   a run folder         -> Progress       how far it is, told to any process
results    journal              -> files          results.jsonl, results.parquet, failures.csv
screened   Review               -> Screened       what is kept of a form for every later step
across     Screened…            -> CrossFinding   what only many forms together show, and against a budget list
triage     Screened, Screening  -> Verdict        the verdict, the priority, the two or three reasons
judged     Screened…            -> Run            all of the above in order, with the figures (`tally`)
recorded   a run folder         -> RunData        what the outputs are made from
outputs    Run                  -> files          screening.xlsx, annotated/, summary.docx, summary.html
compare    two runs             -> Change         what a resubmission mended
shelf      uploads              -> a run folder   runs started from the page, each a process of its own
watch      a run folder         -> Screened…      the forms so far, for the page
"""
