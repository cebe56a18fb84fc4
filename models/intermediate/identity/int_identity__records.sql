with

contacts as (

    select * from {{ ref('stg_people__contacts') }}

),

placeholders as (

    select * from {{ ref('placeholder_identifiers') }}
    where matched_part = 'value'

),

compared as (

    select
        contacts.*,
        {{ matching_email('contacts.email') }} as matching_email,
        {{ initials('contacts.first_name', 'contacts.last_name') }} as initials,
        case when placeholder_dates.placeholder is null then contacts.birth_date end as true_birth_date,
        case when placeholder_phones.placeholder is null then contacts.phone_e164 end as true_phone

    from contacts

    left join placeholders as placeholder_dates
        on
            placeholder_dates.identifier_type = 'birth_date'
            and cast(contacts.birth_date as {{ dbt.type_string() }}) = placeholder_dates.placeholder

    left join placeholders as placeholder_phones
        on placeholder_phones.identifier_type = 'phone' and contacts.phone_e164 = placeholder_phones.placeholder

),

records as (

    select
        record_id,
        source_system,
        source_contact_id,
        is_erased,
        created_at as first_seen_at,
        {{ identifier_key('matching_email') }} as email_key,
        {{ identifier_key("split_part(matching_email, '@', 1)") }} as email_local_part_key,
        {{ identifier_key("split_part(matching_email, '@', 2)") }} as email_domain_key,
        {{ identifier_key('phone_e164') }} as phone_key,
        {{ identifier_key("true_phone || '|' || cast(true_birth_date as " ~ dbt.type_string() ~ ")") }} as phone_and_birth_date_key,
        {{ identifier_key('true_birth_date') }} as birth_date_key,
        {{ identifier_key('initials') }} as initials_key,
        cast(row_number() over (order by created_at asc, record_id asc) as bigint) as record_number

    from compared

)

select * from records
