-- Guarantees that a family's mailbox joins the records of each of its people and never two of them: the address links
-- only together with a birth date or a first name.
with

identifiers as (

    select * from {{ ref('crm_segmentation', 'int_identity__identifiers') }}
    where blocked_reason is null and guard_round = 1

),

disputed_identifiers as (

    select * from {{ ref('crm_segmentation', 'int_identity__disputed_personal_identifiers') }}

),

records as (

    select * from {{ ref('crm_segmentation', 'int_identity__records') }}

),

identifier_types as (

    select * from {{ ref('crm_segmentation', 'identifier_types') }}
    where is_linking and conflicts_on is not null

),

held as (

    select
        identifiers.record_number,
        identifiers.identifier_type,
        identifiers.identifier_key,
        records.birth_date_key,
        records.first_name_key

    from identifiers

    inner join disputed_identifiers
        on
            identifiers.identifier_type = disputed_identifiers.identifier_type
            and identifiers.identifier_key = disputed_identifiers.identifier_key

    inner join records on identifiers.record_number = records.record_number

),

parts as (
    {%- for attribute in ['birth_date', 'first_name'] %}

    select
        record_number,
        identifier_type || '_and_{{ attribute }}' as identifier_type,
        {{ identifier_key("identifier_key || '|' || " ~ attribute ~ "_key") }} as identifier_key

    from held

    where {{ attribute }}_key is not null
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

),

divided_identifiers as (

    select
        parts.record_number,
        parts.identifier_type,
        parts.identifier_key,
        identifier_types.conflicts_on,
        identifier_types.strength

    from parts

    inner join identifier_types on parts.identifier_type = identifier_types.identifier_type

)

select * from divided_identifiers
