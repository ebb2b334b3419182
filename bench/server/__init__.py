"""What the server stands: many visitors, hostile files, and processes that are killed.

    python -m bench.server.load        visitors for two minutes, and describes at full speed
    python -m bench.server.fuzz        2,000 mutated files
    python -m bench.server.failures    kill -9, a database that is away, a disk that is full

Each starts a server of its own on the loopback. None knows how the server does what it does.
"""
