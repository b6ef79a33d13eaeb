"""What openpyxl knows of workbooks; it is loaded with the first file that needs it."""

from datetime import datetime

from portal.core import later

#: Day 0 of the two calendars that workbooks count days by.
SINCE_1900 = datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet's days have no zone
SINCE_1904 = datetime(1904, 1, 1)  # noqa: DTZ001

builtin_format_code = later.function("openpyxl.styles.numbers:builtin_format_code")
column_index_from_string = later.function("openpyxl.utils:column_index_from_string")
column_letters = later.function("openpyxl.utils:get_column_letter")
from_excel = later.function("openpyxl.utils.datetime:from_excel")
is_date_format = later.function("openpyxl.styles.numbers:is_date_format")
to_excel = later.function("openpyxl.utils.datetime:to_excel")
