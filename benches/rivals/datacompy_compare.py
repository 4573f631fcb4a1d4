"""Compare two exports with datacompy on the same keys: how many lines are left on each side."""

import sys

import datacompy

from benches.rivals.pandas_merge import KEYS, RECEIPTS, SALES, read

if __name__ == "__main__":
    one, other = (read(path, titles) for path, titles in ((sys.argv[1], SALES), (sys.argv[2], RECEIPTS)))
    columns = [*KEYS, "price"]
    kind = getattr(datacompy, "PandasCompare", None) or datacompy.Compare
    compared = kind(one[columns], other[columns], join_columns=KEYS, abs_tol=10)
    print(len(compared.df1_unq_rows), len(compared.df2_unq_rows))
