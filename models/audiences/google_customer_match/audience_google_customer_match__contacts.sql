with

recipients as (

    {{ recipients_of('google_customer_match') }}

),

hashed_members as (

    select
        recipients.contact_id,
        recipients.country_code,
        recipients.postal_code,
        {{ hashed(google_email('recipients.email', 'recipients.drops_gmail_dots')) }} as hashed_email,
        {{ hashed('recipients.phone_e164') }} as hashed_phone_number,
        {{ hashed(trimmed_lower('recipients.first_name')) }} as hashed_first_name,
        {{ hashed(trimmed_lower('recipients.last_name')) }} as hashed_last_name,
        {{ separated('recipients.segment_names', ',') }} as user_lists

    from recipients

),

-- Without their dots two addresses may be one. An address matches as a whole; a part of it alone is useless.
keyed_members as (

    select
        *,
        {{ md5_hex("coalesce(hashed_email, '') || chr(31) || coalesce(hashed_phone_number, '')") }} as match_key,
        length(hashed_first_name || hashed_last_name || country_code || postal_code) > 0 as has_address

    from hashed_members

),

ranked as (

    select
        *,
        row_number() over (partition by match_key order by contact_id asc) as match_rank

    from keyed_members

),

customer_match_members as (

    select
        match_key,
        contact_id,
        hashed_email,
        hashed_phone_number,
        {%- for part in ['hashed_first_name', 'hashed_last_name', 'country_code', 'postal_code'] %}
        case when has_address then {{ part }} end as {{ part }},
        {%- endfor %}
        user_lists

    from ranked

    where match_rank = 1

)

select * from customer_match_members
