with

recipients as (

    {{ recipients_of('mailchimp') }}

),

-- This status is for new members alone. Mailchimp keeps that of a member who is there, so an unsubscription stays.
mailchimp_contacts as (

    select
        {{ md5_hex('lower(recipients.email)') }} as subscriber_hash,
        recipients.contact_id,
        recipients.email as email_address,
        cast('subscribed' as {{ dbt.type_string() }}) as status_if_new,
        coalesce(recipients.language_code, '') as language, -- noqa: RF04
        coalesce(substr(recipients.first_name, 1, 255), '') as fname,
        coalesce(substr(recipients.last_name, 1, 255), '') as lname,
        coalesce(recipients.phone_e164, '') as phone,
        recipients.lifecycle_stage as lifecycle,
        {{ json_strings('recipients.segment_names') }} as tags

    from recipients

)

select * from mailchimp_contacts
