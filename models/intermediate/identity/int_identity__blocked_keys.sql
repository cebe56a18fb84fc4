with

records as (

    select * from {{ ref('int_identity__records') }}

),

placeholders as (

    select * from {{ ref('placeholder_identifiers') }}

),

-- A part of an address stands for all addresses with that part.
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
        'email' as identifier_type,
        records.email_key as identifier_key,
        placeholders.reason

    from records

    inner join placeholders
        on
            placeholders.matched_part = 'local_part'
            and records.email_local_part_key = {{ identifier_key('placeholders.placeholder') }}

    union distinct

    select
        'email' as identifier_type,
        records.email_key as identifier_key,
        placeholders.reason

    from records

    inner join placeholders
        on placeholders.matched_part = 'domain' and records.email_domain_key = {{ identifier_key('placeholders.placeholder') }}

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
