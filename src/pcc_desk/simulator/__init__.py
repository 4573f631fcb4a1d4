"""The outside world to practise and to test on: a state system in METRC's shape and a point of sale, over real HTTP.

Everything and everyone in it is invented.
"""
