-- Guarantees one row per record, with the hashes by which records are compared; a value that stands for nobody is none.
with

{{ imports({'contacts': 'stg_people__contacts', 'placeholders': ['placeholder_identifiers', "matched_part = 'value'"]}) }}

name_groups as (

    select
        {{ plain_name('first_name') }} as plain_name,
        min(name_group) as name_group

    from {{ ref('crm_segmentation', 'first_name_variants') }}

    group by {{ plain_name('first_name') }}

),

named as (

    select
        *,
        {{ plain_name('first_name') }} as plain_first_name,
        {{ plain_name('last_name') }} as plain_last_name

    from contacts

),

compared as (

    select
        contacts.*,
        {{ matching_email('contacts.email') }} as matching_email,
        {{ initials(
            'coalesce(first_name_groups.name_group, contacts.first_name)', 'coalesce(last_name_groups.name_group, contacts.last_name)'
        ) }} as initials,
        -- An initial, or nothing but signs, is no name that differs from another.
        case
            when not {{ regexp_like('contacts.plain_first_name', '^[a-z]?$') }}
                then coalesce(first_name_groups.name_group, contacts.plain_first_name)
        end as given_name,
        case when placeholder_dates.placeholder is null then contacts.birth_date end as true_birth_date,
        case when placeholder_phones.placeholder is null then contacts.phone_line end as true_phone

    from named as contacts

    left join name_groups as first_name_groups on contacts.plain_first_name = first_name_groups.plain_name

    -- Some systems swap given and family name.
    left join name_groups as last_name_groups on contacts.plain_last_name = last_name_groups.plain_name

    left join placeholders as placeholder_dates
        on
            placeholder_dates.identifier_type = 'birth_date'
            and cast(contacts.birth_date as {{ dbt.type_string() }}) = placeholder_dates.placeholder

    left join placeholders as placeholder_phones
        on placeholder_phones.identifier_type = 'phone' and contacts.phone_e164 = placeholder_phones.placeholder

),

-- A first name that is the last name of another holder of the address may be swapped with it, so it tells nobody apart.
last_names as (

    select distinct
        matching_email,
        plain_last_name

    from compared

    where matching_email is not null and plain_last_name is not null

),

named_apart as (

    select
        compared.*,
        case when last_names.matching_email is null then compared.given_name end as telling_name

    from compared

    left join last_names
        on
            compared.matching_email = last_names.matching_email
            and compared.plain_first_name = last_names.plain_last_name

),

records as (

    select
        record_id,
        source_system,
        source_contact_id,
        is_erased,
        created_at as first_seen_at,
        {{ phone_country('raw_country', 'country_code') }} as phone_country_code,
        {{ identifier_key('matching_email') }} as email_key,
        {{ identifier_key(email_local_part('matching_email')) }} as email_local_part_key,
        {{ identifier_key(text_part('matching_email', '@', 2)) }} as email_domain_key,
        {{ identifier_key('phone_line') }} as phone_line_key,
        {{ identifier_key('phone_e164') }} as phone_key,
        {{ identifier_key("true_phone || '|' || cast(true_birth_date as " ~ dbt.type_string() ~ ")") }} as phone_and_birth_date_key,
        {{ identifier_key('true_birth_date') }} as birth_date_key,
        {{ identifier_key('initials') }} as initials_key,
        {{ identifier_key('telling_name') }} as first_name_key,
        cast(row_number() over (order by created_at asc, record_id asc) as bigint) as record_number

    from named_apart

)

select * from records
