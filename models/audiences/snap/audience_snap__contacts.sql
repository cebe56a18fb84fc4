with

recipients as (

    {{ recipients_of('snap') }}

),

hashed_members as (

    select
        recipients.contact_id,
        {{ hashed(trimmed_lower('recipients.email')) }} as email_sha256,
        {{ hashed(phone_digits('recipients.phone_e164')) }} as phone_sha256,
        {{ separated('recipients.segment_names', ',') }} as segments

    from recipients

),

snap_members as (

    select
        contact_id,
        email_sha256,
        phone_sha256,
        segments,
        {{ md5_hex("coalesce(email_sha256, '') || chr(31) || coalesce(phone_sha256, '')") }} as match_key

    from hashed_members

)

select * from snap_members
