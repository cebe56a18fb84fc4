with

recipients as (

    {{ recipients_of('x') }}

),

hashed_members as (

    select
        recipients.contact_id,
        {{ hashed(trimmed_lower('recipients.email')) }} as email,
        {{ separated('recipients.segment_names', ',') }} as custom_audiences

    from recipients

),

x_members as (

    select
        contact_id,
        email,
        custom_audiences,
        {{ md5_hex("coalesce(email, '')") }} as match_key

    from hashed_members

)

select * from x_members
