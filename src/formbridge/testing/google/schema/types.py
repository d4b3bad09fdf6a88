"""What the discovery documents do not say of Google's messages, and errors show: names of types.

Errors name the type of a message or an enum by its address; two fields of one group exclude each
other; and some scalars are messages of their own (``google.protobuf.Int32Value``), which shows in
the path of an error and in that a zero is printed.
"""

from collections.abc import Mapping

from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, RECORDED, SEEN, behaves

ADDRESS = "type.googleapis.com/"
PACKAGES: Mapping[str, str] = {
    "sheets": "google.apps.sheets.v4.",
    "drive": "google.apps.drive.v3.",
    "drive2": "google.apps.drive.v2.",
}
WELL_KNOWN: Mapping[str, str] = {
    "list": "google.protobuf.ListValue",
    "fieldmask": "google.protobuf.FieldMask",
}
MESSAGES: Mapping[str, str] = {
    "Color": "google.type.Color",
    "Date": "google.type.Date",
    "TimeOfDay": "google.type.TimeOfDay",
    "Interval": "google.type.Interval",
    "Request": "google.apps.sheets.v4.BatchUpdateSpreadsheetRequest.Request",
    "Response": "google.apps.sheets.v4.BatchUpdateSpreadsheetResponse.Response",
}

ENUMS: Mapping[str, str] = {
    "dimension": "Dimension",
    "majorDimension": "Dimension",
    "shiftDimension": "Dimension",
    "valueInputOption": "ValueInputOption",
    "valueRenderOption": "ValueRenderOption",
    "responseValueRenderOption": "ValueRenderOption",
    "dateTimeRenderOption": "DateTimeRenderOption",
    "responseDateTimeRenderOption": "DateTimeRenderOption",
    "insertDataOption": "InsertDataOption",
    "commentsViewMode": "CommentsViewMode",
    "sortOrder": "SortOrder",
    "pasteType": "PasteType",
    "pasteOrientation": "PasteOrientation",
    "themeColor": "ThemeColorType",
    "colorType": "ThemeColorType",
    "horizontalAlignment": "HorizontalAlign",
    "verticalAlignment": "VerticalAlign",
    "wrapStrategy": "WrapStrategy",
    "textDirection": "TextDirection",
    "hyperlinkDisplayType": "HyperlinkDisplayType",
    "visibility": "DeveloperMetadataVisibility",
    "locationType": "DeveloperMetadataLocationType",
    "locationMatchingStrategy": "DeveloperMetadataLocationMatchingStrategy",
    "relativeDate": "RelativeDate",
    "sheetType": "SheetType",
    "delimiterType": "DelimiterType",
    "autoRecalc": "RecalculationInterval",
    "mergeType": "MergeCellsRequest.MergeType",
    "style": "Style",
    "chartType": "BasicChartType",
    "stackedType": "BasicChartStackedType",
    "legendPosition": "LegendPosition",
    "type": "Type",
}
"""The enum of a field, by the field's name; ``NESTED`` names those that depend on its message."""

NESTED: Mapping[tuple[str, str], str] = {
    ("NumberFormat", "type"): "NumberFormatType",
    ("BooleanCondition", "type"): "ConditionType",
    ("ErrorValue", "type"): "ErrorType",
    ("InterpolationPoint", "type"): "InterpolationPointType",
    ("PieChartSpec", "legendPosition"): "PieChartSpec.PieChartLegendPosition",
    ("BasicChartSpec", "legendPosition"): "BasicChartSpec.BasicChartLegendPosition",
}

GROUPS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "ExtendedValue": {
        "value": ("numberValue", "stringValue", "boolValue", "formulaValue", "errorValue"),
    },
    "DataFilter": {"filter": ("developerMetadataLookup", "a1Range", "gridRange")},
    "ColorStyle": {"kind": ("rgbColor", "themeColor")},
    "DeveloperMetadataLocation": {"location": ("spreadsheet", "sheetId", "dimensionRange")},
    "ConditionValue": {"value": ("relativeDate", "userEnteredValue")},
    "ConditionalFormatRule": {"rule": ("booleanRule", "gradientRule")},
    "UpdateConditionalFormatRuleRequest": {"instruction": ("rule", "newIndex")},
    "UpdateCellsRequest": {"area": ("start", "range")},
    "AutoFillRequest": {"area": ("range", "sourceAndDestination")},
    "PasteDataRequest": {"kind": ("delimiter", "html")},
    "FindReplaceRequest": {"scope": ("range", "sheetId", "allSheets")},
    "UpdateDimensionPropertiesRequest": {"dimension_range": ("range", "dataSourceSheetRange")},
    "AutoResizeDimensionsRequest": {
        "dimension_range": ("dimensions", "dataSourceSheetDimensions"),
    },
    "EmbeddedObjectPosition": {"location": ("sheetId", "overlayPosition", "newSheet")},
    "ChartData": {"type": ("sourceRange", "columnReference")},
    "SortSpec": {"reference": ("dimensionIndex", "dataSourceColumnReference")},
    "FilterSpec": {"reference": ("columnIndex", "dataSourceColumnReference")},
    "Chip": {"chip": ("personProperties", "richLinkProperties")},
}
"""The groups of fields (``oneof``) of which a message may have one."""

CHARTS = (
    "basicChart", "pieChart", "bubbleChart", "candlestickChart", "orgChart", "histogramChart",
    "waterfallChart", "treemapChart", "scorecardChart",
)  # fmt: skip

WRAPPED: Mapping[str, frozenset[str]] = {
    "GridRange": frozenset({"startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex"}),
    "DimensionRange": frozenset({"startIndex", "endIndex"}),
    "SheetProperties": frozenset({"sheetId", "index"}),
    "TextFormat": frozenset({"bold", "italic", "strikethrough", "underline"}),
}


@behaves("an error names the type of a message by its address", RECORDED)
def message_type(api: str, schema: str) -> str:
    """Return the address of a message's type."""
    if api == "sheets" and schema in MESSAGES:
        return ADDRESS + MESSAGES[schema]
    return ADDRESS + PACKAGES[api] + schema


@behaves("an error names the type of an enum by its address", SEEN)
@behaves("an enum that no documentation names is called after its field", ASSUMED)
def enum_type(api: str, schema: str, field: str) -> str:
    """Return the address of the enum's type that a field of a schema (or a parameter) has."""
    own = f"{schema}.{field[:1].upper()}{field[1:]}".removeprefix(".")
    return ADDRESS + PACKAGES[api] + (NESTED.get((schema, field)) or ENUMS.get(field) or own)


@behaves("of fields that exclude each other a message may have one", DOCUMENTED)
def group_of(api: str, schema: str, field: str) -> str:
    """Return the name of the group to which the field belongs, or nothing."""
    if api != "sheets":
        return ""
    if schema == "Request":
        return "kind"
    if schema == "ChartSpec" and field in CHARTS:
        return "chart"
    groups = GROUPS.get(schema, {})
    return next((name for name, fields in groups.items() if field in fields), "")


@behaves("numbers of ranges are messages of their own, which the path of an error shows", SEEN)
def is_wrapped(api: str, schema: str, field: str) -> bool:
    """Tell whether the scalar is a message of its own, with its value in ``value``."""
    return api == "sheets" and field in WRAPPED.get(schema, ())
