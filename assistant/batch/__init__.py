"""Many inputs screened before a person reads any: what to read first, and what no single form shows.

inputs     PATH…                -> Input        files, folders, zips within zips, each with its hash
journal    Input, result        -> a run folder  SQLite: what is done survives whatever happens
run        Inputs               -> journal       reading and checking on all cores, drafting beside it
screened   Review               -> Screened      what is kept of a form for every later step
across     Screened…            -> CrossFinding  what only many forms together show, and against a budget list
triage     Screened, Screening  -> Verdict       the verdict, the priority, the two or three reasons
judged     Screened…            -> Run           all of the above in order, with the figures (`tally`)
outputs    Run                  -> screening.xlsx, annotated/, summary.docx, summary.html
compare    two runs             -> Change        what a resubmission mended
"""
