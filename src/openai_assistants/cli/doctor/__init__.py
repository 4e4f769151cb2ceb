"""`openai-assistants doctor`: what a server does of the API, how it deviates, and what that means for a program.

`checks` says which calls are made, as data. `walk` makes them, over the public client; `reading`, `writing` and
`running` are its ways. `judging` says what an answer means, without I/O; `findings` is what is found; `showing` prints
it.
"""
