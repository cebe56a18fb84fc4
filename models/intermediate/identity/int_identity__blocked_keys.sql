with

records as (

    select * from {{ ref('crm_segmentation', 'int_identity__records') }}

),

other_identifiers as (

    select * from {{ ref('crm_segmentation', 'int_identity__other_identifiers') }}

),

placeholders as (

    select * from {{ ref('crm_segmentation', 'placeholder_identifiers') }}

),

-- Every place that an address or a number may come from.
addresses as (

    select
        email_key as identifier_key,
        email_local_part_key,
        email_domain_key

    from records

    union all

    select
        identifier_key,
        email_local_part_key,
        email_domain_key

    from other_identifiers

    where identifier_type = 'email'

),

phones as (

    select
        phone_line_key as identifier_key,
        phone_key as phone_number_key

    from records

    union all

    select
        identifier_key,
        phone_number_key

    from other_identifiers

    where identifier_type = 'phone'

),

-- A part of an address stands for all addresses with that part, a number for all its extensions.
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
        addresses.identifier_key,
        placeholders.reason

    from addresses

    inner join placeholders
        on
            placeholders.matched_part = 'local_part'
            and addresses.email_local_part_key = {{ identifier_key('placeholders.placeholder') }}

    union distinct

    select
        'email' as identifier_type,
        addresses.identifier_key,
        placeholders.reason

    from addresses

    inner join placeholders
        on placeholders.matched_part = 'domain' and addresses.email_domain_key = {{ identifier_key('placeholders.placeholder') }}

    union distinct

    select
        'phone' as identifier_type,
        phones.identifier_key,
        placeholders.reason

    from phones

    inner join placeholders
        on
            placeholders.identifier_type = 'phone'
            and placeholders.matched_part = 'value'
            and phones.phone_number_key = {{ identifier_key('placeholders.placeholder') }}

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
