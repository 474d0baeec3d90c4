"""What a document may hold, as JSON Schema: for editors, for programs in other languages, and for language models.

Made of the classes: each kind of `fields.py` says its own part, and the docs
of classes and fields are the descriptions.
"""

import copy
import inspect
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import attrs

from perspectives import attribution, model
from perspectives.codec import FORMAT, is_of_model
from perspectives.errors import Fault, OptionsError
from perspectives.fields import JSON, TEXT
from perspectives.model import Brief, Paragraph
from perspectives.text import suggestion, with_article

# A JSON Schema is JSON: any value at any place.
Schema = dict[str, Any]
Fields = Sequence["attrs.Attribute[Any]"]

SEMANTIC_RULES: Mapping[str, str] = MappingProxyType(
    {
        "bad-address": "An e-mail address is one of RFC 5321: no dot at an end or twice in a row, no overlong part.",
        "bad-citation": "A citation of the kind `source` names one, one of the kind `common-knowledge` names none.",
        "bad-count": "A whole number is written without fraction and exponent: 48, not 48.0.",
        "bad-date": "A date is a day that exists, from the year 1 on.",
        "bad-datetime": "A time lies on a day that exists, from the year 1 on.",
        "bad-id": "The id of an outlet is lower case: letters and digits of any script, and a hyphen between words.",
        "bad-key": "A key in `extra` holds no half of a surrogate pair.",
        "bad-order": "A story is not updated before it is published.",
        "bad-range": "The range of a scheme has the lower number first; whole numbers in it fit into 64 bits.",
        "bad-rating": "A rating or position lies in its scheme, if the brief holds that scheme.",
        "bad-scheme": "A scheme has either named values or a range.",
        "bad-text": "A text holds no half of a surrogate pair.",
        "bad-url": "A URL has a valid host, no user name, and a port that exists.",
        "bad-value": "A value that is a whole number fits into 64 bits.",
        "dangling-citation": "A citation names the id of a source of the same story.",
        "duplicate": "Ids of sources and schemes, labels of groups, outlets of a group, values of a scheme occur once.",
        "empty": "A block or call to action says something.",
        "limit": "Texts and lists are no larger than the `Limits` of whoever reads them.",
        "no-label": "The button of a call to action has words.",
        "not-json": "In `extra`, whole numbers fit into 64 bits, and texts hold no half of a surrogate pair.",
        "too-deep": "An `extra` nests at most 32 levels.",
        "uncited-quote": "A verbatim quote has a citation.",
    }
)
"""What the codec checks beyond `json_schema()`: the code of the fault, and the rule.

Beside a thousand of these faults stands one `more-faults`, which is no rule.
"""

_CLASSES: Mapping[str, type] = {
    cls.__name__: cls for module in (attribution, model) for cls in vars(module).values() if is_of_model(cls)
}
# What OpenAI, Anthropic and Gemini all take; the first of them wants no word beside a `$ref`.
_STRICT_KEYWORDS = ("description", "type", "enum", "anyOf", "items", "$ref")


def json_schema(cls: type = Brief, /, *, strict_output: bool = False, only: Sequence[str] = ()) -> Schema:
    """The form of a document, to check one in any language or to have a language model fill it.

    JSON Schema 2020-12 of a brief or of another class of the model. Every
    document that `from_dict` takes is valid under it; what else is valid,
    `from_dict` refuses only by a rule of `perspectives.schema.SEMANTIC_RULES`.

    `strict_output` gives the variant for the structured output of language
    models: every field is required, and null says that there is nothing to say;
    no `extra`, no patterns. Read what comes back with
    `from_dict(data, cls, clean=True)`. `only` keeps these fields of the class,
    in the model's order: a smaller form to fill. Raises `OptionsError` for a
    name that is no field, or when a field that must be there is left out.
    """
    if not is_of_model(cls):
        raise TypeError(f"json_schema takes a class of the model, not {cls!r}")
    if isinstance(only, str):
        raise TypeError(f"only takes several names, not the text {only!r}")
    fields, write = (_closed, _strict_object) if strict_output else (_all, _object)
    head = {} if strict_output else {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    root = {**head, **write(cls, _chosen(cls, fields(cls), only))}
    definitions: Schema = {}
    waiting = list(_references(root))
    while waiting:
        if (name := waiting.pop(0)) not in definitions:
            definitions[name] = write(_CLASSES[name], fields(_CLASSES[name]))
            waiting += _references(definitions[name])
    # The kinds share their parts; what a caller changes must not be theirs.
    return copy.deepcopy({**root, "$defs": definitions} if definitions else root)


def class_named(name: str) -> type:
    """A class of the model by its name. Raises `OptionsError` for any other name."""
    if name not in _CLASSES:
        message = f"there is no class {name!r} in the model"
        raise OptionsError(Fault(code="unknown-class", message=message, expected=suggestion(name, list(_CLASSES))))
    return _CLASSES[name]


def _all(cls: Any) -> Fields:
    return tuple(attrs.fields(cls))


def _closed(cls: Any) -> Fields:
    """Without `extra`, which may hold anything."""
    return [field for field in attrs.fields(cls) if field.validator is not JSON]


def _chosen(cls: type, fields: Fields, only: Sequence[str]) -> Fields:
    if not only:
        return fields
    names = [field.name for field in fields]
    faults = [
        Fault(
            code="unknown-field",
            message=f"{with_article(cls.__name__)} has no field {name!r} to keep",
            expected=suggestion(name, names),
        )
        for name in only
        if name not in names
    ]
    faults += [
        Fault(
            code="missing-field",
            message=f"{field.name!r} is left out",
            expected=f"{field.name!r} among the fields to keep, as no {cls.__name__} is without",
        )
        for field in fields
        if _is_required(field) and field.name not in only
    ]
    if faults:
        raise OptionsError(faults)
    return [field for field in fields if field.name in only]


def _is_required(field: "attrs.Attribute[Any]") -> bool:
    return field.default is attrs.NOTHING


def _object(cls: type, fields: Fields) -> Schema:
    """What the codec takes for an object of a class."""
    required = [field.name for field in fields if _is_required(field)]
    body: Schema = {
        "type": "object",
        "properties": _properties(cls, fields),
        "required": ["format", *required] if cls is Brief else required,
        "additionalProperties": False,
    }
    # The codec takes a plain string for a paragraph.
    form = {"anyOf": [TEXT.schema, body]} if cls is Paragraph else body
    return {"title": cls.__name__, "description": _summary(cls), **form}


def _strict_object(cls: type, fields: Fields) -> Schema:
    """What a language model is asked to fill."""
    properties = {name: _plain(schema) for name, schema in _properties(cls, fields).items()}
    return {
        "description": _summary(cls),
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _summary(cls: type) -> str:
    return " ".join((inspect.getdoc(cls) or "").partition("\n\n")[0].split())


def _properties(cls: type, fields: Fields) -> Schema:
    form = {"format": {"description": "what this document is, and its version", "type": "string", "enum": [FORMAT]}}
    return {**(form if cls is Brief else {}), **{field.name: _property(field) for field in fields}}


def _property(field: "attrs.Attribute[Any]") -> Schema:
    validator: Any = field.validator  # a `Kind`; to attrs any function
    schema = {**validator.schema, **field.metadata.get("schema", {})}
    own = schema.pop("description", None)
    description = f"{field.metadata['help']} ({own})" if own else field.metadata["help"]
    return {"description": description, **(schema if _is_required(field) else _or_null(schema))}


def _or_null(schema: Schema) -> Schema:
    """The codec reads null as absent, for every field that may be absent."""
    null = {"type": "null"}
    if "anyOf" in schema:
        return {**schema, "anyOf": [*schema["anyOf"], null]}
    # Not all APIs for language models take null as one of the words.
    if "type" not in schema or "enum" in schema:
        return {"anyOf": [schema, null]}
    return {**schema, "type": [schema["type"], "null"]}


def _plain(schema: Schema) -> Schema:
    """Only the keywords that every API for structured output takes."""
    kept = {key: value for key, value in schema.items() if key in _STRICT_KEYWORDS}
    if "anyOf" in kept:
        kept["anyOf"] = [_plain(part) for part in kept["anyOf"]]
    if "items" in kept:
        kept["items"] = _plain(kept["items"])
    return kept


def _references(schema: object) -> Iterator[str]:
    """The classes that a schema names, in order."""
    if isinstance(schema, dict):
        if "$ref" in schema:
            yield schema["$ref"].removeprefix("#/$defs/")
        schema = list(schema.values())
    if isinstance(schema, list):
        for part in schema:
            yield from _references(part)
