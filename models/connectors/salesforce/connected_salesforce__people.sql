{{ config(enabled=is_connected('salesforce')) }}

-- Contacts and leads in the same columns. One that lost a merge, or became a contact, is a person still, under an old key.
with

contacts as (

    select * from {{ ref('crm_segmentation', 'landed_salesforce__contacts') }}

),

leads as (

    select * from {{ ref('crm_segmentation', 'landed_salesforce__leads') }}

),

accounts as (

    select * from {{ ref('crm_segmentation', 'landed_salesforce__accounts') }}

),

people as (

    select
        contacts.source_system,
        contacts.contact_id as person_id,
        contacts.merged_into_id as same_as_id,
        contacts.individual_id,
        contacts.email,
        contacts.phone,
        contacts.first_name,
        contacts.last_name,
        contacts.birth_date,
        contacts.gender,
        contacts.job_title,
        contacts.address_line,
        contacts.postal_code,
        contacts.city,
        contacts.region,
        contacts.country,
        contacts.acquisition_source,
        contacts.has_opted_out_of_email,
        contacts.has_opted_out_of_calls,
        contacts.email_bounced_at,
        contacts.created_at,
        contacts.updated_at,
        contacts.loaded_at,
        case when accounts.person_contact_id is null then accounts.account_name end as company,
        contacts.merged_into_id is null and coalesce(contacts.is_in_recycle_bin, false) as is_deleted

    from contacts

    left join accounts on contacts.source_system = accounts.source_system and contacts.account_id = accounts.account_id

    union all

    select
        source_system,
        lead_id as person_id,
        coalesce(merged_into_id, contact_id) as same_as_id,
        individual_id,
        email,
        phone,
        first_name,
        last_name,
        cast(null as timestamp) as birth_date,
        cast(null as {{ dbt.type_string() }}) as gender,
        job_title,
        address_line,
        postal_code,
        city,
        region,
        country,
        acquisition_source,
        has_opted_out_of_email,
        has_opted_out_of_calls,
        email_bounced_at,
        created_at,
        updated_at,
        loaded_at,
        company,
        merged_into_id is null and coalesce(is_in_recycle_bin, false) as is_deleted

    from leads

)

select * from people
