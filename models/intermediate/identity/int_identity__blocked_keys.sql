{%- set parts = [
    ('email', 'local_part', 'email_key', 'email_local_part_key', 'email_local_part_key'),
    ('email', 'domain', 'email_key', 'email_domain_key', 'email_domain_key'),
    ('phone', 'value', 'phone_line_key', 'phone_key', 'phone_number_key'),
] %}

-- Guarantees that a part of an address stands for all addresses with that part, and a number for all its extensions, from wherever an
-- address or a number comes.
with

{{ imports({
    'records': 'int_identity__records',
    'other_identifiers': 'int_identity__other_identifiers',
    'placeholders': 'placeholder_identifiers',
}) }}

shown_parts as (
    {%- for identifier_type, matched_part, key_of_record, part_of_record, part_of_identifier in parts %}

    select
        '{{ identifier_type }}' as identifier_type,
        '{{ matched_part }}' as matched_part,
        {{ key_of_record }} as identifier_key,
        {{ part_of_record }} as part_key

    from records

    union all

    select
        identifier_type,
        '{{ matched_part }}' as matched_part,
        identifier_key,
        {{ part_of_identifier }} as part_key

    from other_identifiers

    where identifier_type = '{{ identifier_type }}'
    {{- '\n\n    union all' if not loop.last }}
    {%- endfor %}

),

placeholder_keys as (

    select
        identifier_type,
        -- Off DuckDB dbt reads the word null in a seed as nothing.
        {{ identifier_key("coalesce(placeholder, 'null')") }} as identifier_key,
        reason

    from placeholders

    where matched_part = 'value'

    union distinct

    select
        shown_parts.identifier_type,
        shown_parts.identifier_key,
        placeholders.reason

    from shown_parts

    inner join placeholders
        on
            shown_parts.identifier_type = placeholders.identifier_type
            and shown_parts.matched_part = placeholders.matched_part
            and shown_parts.part_key = {{ identifier_key('placeholders.placeholder') }}

),

-- An address may match by two of its parts; placeholder comes before role_address.
blocked_keys as (

    select
        identifier_type,
        identifier_key,
        min(reason) as reason

    from placeholder_keys

    group by identifier_type, identifier_key

)

select * from blocked_keys
