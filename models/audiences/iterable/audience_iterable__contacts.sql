with

recipients as (

    {{ recipients_of('iterable') }}

),

-- Merging keeps what is not sent, so that every field is sent.
iterable_contacts as (

    select
        recipients.contact_id as user_id,
        recipients.email,
        {{ json_object({
            'firstName': json_text('recipients.first_name'),
            'lastName': json_text('recipients.last_name'),
            'phoneNumber': json_text('recipients.phone_e164'),
            'country': json_text('recipients.country_code'),
            'crmLifecycleStage': json_text('recipients.lifecycle_stage'),
            'crmRfmGroup': json_text('recipients.rfm_group'),
            'crmPurchaseCount': json_scalar('recipients.purchase_count'),
            'crmSegments': json_strings('recipients.segment_names'),
        }) }} as data_fields

    from recipients

)

select * from iterable_contacts
