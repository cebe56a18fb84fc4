with

recipients as (

    {{ recipients_of('onesignal') }}

),

-- An empty text deletes a tag. Accounts have few tags, so the segments share one.
onesignal_contacts as (

    select
        recipients.contact_id as external_id,
        recipients.language_code as language, -- noqa: RF04
        recipients.time_zone as timezone_id,
        recipients.country_code as country,
        {{ json_object({
            'lifecycle_stage': json_text('recipients.lifecycle_stage'),
            'segments': json_text(separated('recipients.segment_names', ',')),
        }) }} as tags

    from recipients

)

select * from onesignal_contacts
