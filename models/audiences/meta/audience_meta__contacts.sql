with

recipients as (

    {{ recipients_of('meta') }}

),

hashed_members as (

    select
        recipients.contact_id,
        {{ hashed_unless_hash(trimmed_lower('recipients.email')) }} as email,
        {{ hashed_unless_hash(phone_digits('recipients.phone_e164')) }} as phone,
        {{ hashed_unless_hash(trimmed_lower('recipients.first_name')) }} as fn,
        {{ hashed_unless_hash(trimmed_lower('recipients.last_name')) }} as ln,
        {{ hashed_unless_hash(meta_place('recipients.city')) }} as ct,
        {{ hashed_unless_hash(meta_place('recipients.region')) }} as st,
        {{ hashed_unless_hash(meta_postal_code('recipients.postal_code')) }} as zip,
        {{ hashed_unless_hash('lower(recipients.country_code)') }} as country,
        {{ separated('recipients.segment_names', ',') }} as custom_audiences

    from recipients

),

meta_members as (

    select
        contact_id,
        email,
        phone,
        fn,
        ln,
        ct,
        st,
        zip,
        country,
        custom_audiences,
        {{ md5_hex("coalesce(email, '') || chr(31) || coalesce(phone, '')") }} as match_key

    from hashed_members

)

select * from meta_members
