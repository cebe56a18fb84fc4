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
        md5(coalesce(email, '')) as match_key,
        contact_id,
        email,
        custom_audiences

    from hashed_members

)

select * from x_members
