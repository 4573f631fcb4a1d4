"""Copies of the store: made while the desk is at work, proved by restoring them, restored on a bare machine.

    copy-20261126T093000Z.db     the whole store, encrypted with a random key of its own
    copy-20261126T093000Z.json   what it is, and that key: sealed to the recovery sheets and wrapped for the open store

The second file is written last: without it there is no copy. Together they are all that a bare machine needs beside
the code of a recovery sheet.
"""
