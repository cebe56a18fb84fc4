-- Guarantees every address and number under which the no of one contact has to hold back another. What one contact
-- holds alone is left out: its own decision holds it back.
with

{{ imports({
    'records': 'int_identity__records',
    'identifiers': 'int_identity__identifiers',
    'known_records': 'int_contacts__known_records',
}) }}

record_keys as (
    {%- for identifier_type in ['email', 'phone'] %}

    select
        record_id,
        '{{ identifier_type }}' as identifier_type,
        {{ identifier_type }}_key as identifier_key

    from records

    where {{ identifier_type }}_key is not null

    union all
    {%- endfor %}

    select
        record_id,
        identifier_type,
        identifier_key

    from identifiers

    where identifier_type in ('email', 'phone')

),

held as (

    select distinct
        known_records.contact_id,
        record_keys.identifier_type,
        record_keys.identifier_key

    from record_keys

    inner join known_records on record_keys.record_id = known_records.record_id

),

rejected_keys as (

    select distinct
        identifier_type,
        identifier_key

    from {{ ref('crm_segmentation', 'int_consents__rejected_noes') }}

),

counted as (

    select
        held.*,
        rejected_keys.identifier_key is not null as is_in_rejected_row,
        count(*) over (partition by held.identifier_type, held.identifier_key) as holder_count

    from held

    left join rejected_keys
        on held.identifier_type = rejected_keys.identifier_type and held.identifier_key = rejected_keys.identifier_key

),

shared_keys as (

    select
        contact_id,
        identifier_type,
        identifier_key

    from counted

    where holder_count > 1 or is_in_rejected_row

)

select * from shared_keys
