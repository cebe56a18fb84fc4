with

recipients as (

    {{ recipients_of('salesforce') }}

),

-- A text longer than its field fails the row, and LastName must not be empty: Salesforce's own words stand in for it.
salesforce_contacts as (

    select
        recipients.contact_id as crm_contact_id__c,
        case when length(recipients.email) <= 80 then recipients.email end as email,
        coalesce(substr(recipients.first_name, 1, 40), '') as firstname,
        coalesce(substr(recipients.last_name, 1, 80), '[not provided]') as lastname,
        coalesce(recipients.phone_e164, '') as mobilephone,
        coalesce(substr(recipients.city, 1, 40), '') as mailingcity,
        coalesce(recipients.country_code, '') as mailingcountrycode,
        recipients.lifecycle_stage as lifecycle_stage__c,
        coalesce(recipients.rfm_group, '') as rfm_group__c,
        {{ separated('recipients.segment_names', ';') }} as segments__c

    from recipients

)

select * from salesforce_contacts
