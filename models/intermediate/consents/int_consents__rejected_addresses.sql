-- Guarantees that only what a record shows as well is kept: of who is known by a rejected row alone nothing stands here.
with

{{ imports({
    'versions': 'base_people__contacts',
    'phone_numbers': 'base_people__phone_numbers',
    'records': 'int_identity__records',
    'countries': ['base_people__spellings', "kind = 'country'"],
}) }}

-- A row without a key can ask for erasure, and nothing else is said under it.
rejected_rows as (

    select
        versions.asks_for_erasure,
        versions.asked_at,
        coalesce({{ hashed_key(['versions.source_system', 'versions.source_contact_id']) }}, versions.raw_row_hash) as voice_id,
        {{ address_keys('versions') }}

    from versions

    left join countries on lower(versions.country) = countries.spelling

    left join phone_numbers on {{ same_phone('versions') }}

    where versions.row_status = 'rejected' and coalesce(versions.email, versions.phone) is not null

),

shown_addresses as (
    {%- for identifier_type in ['email', 'phone'] %}

    select
        rejected_rows.voice_id,
        '{{ identifier_type }}' as identifier_type,
        rejected_rows.{{ identifier_type }}_key as identifier_key,
        case
            when rejected_rows.asks_for_erasure then {{ counts_from('rejected_rows.asked_at', as_of_date()) }}
        end as asked_at

    from rejected_rows

    inner join records on rejected_rows.{{ identifier_type }}_key = records.{{ identifier_type }}_key
    {{- '\n\n    union all' if not loop.last }}
    {%- endfor %}

),

rejected_addresses as (

    select
        voice_id,
        identifier_type,
        identifier_key,
        max(asked_at) as asked_at

    from shown_addresses

    group by voice_id, identifier_type, identifier_key

)

select * from rejected_addresses
