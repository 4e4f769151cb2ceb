"""`openai-assistants doctor`: what a server does of the API, how it deviates, and what that means for a program.

`checks` and `meanings` are data: the calls that are made, and what it means when one cannot be. `examination` goes
through them; `walk` makes the calls over the public client, `running` those about runs, `ledger` remembers and deletes
what was made. `judging`, `lists`, `streams` and `states` say what answers mean, without I/O; `findings` is what is
found, `showing` its text and JSON, `command` the command.
"""
