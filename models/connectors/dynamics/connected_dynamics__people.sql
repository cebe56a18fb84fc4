{{ config(enabled=is_connected('dynamics')) }}

-- Contacts and leads in the same columns. One that lost a merge, or became a contact, is a person still, under an old key.
with

contacts as (

    select * from {{ ref('crm_segmentation', 'landed_dynamics__contacts') }}

),

leads as (

    select * from {{ ref('crm_segmentation', 'landed_dynamics__leads') }}

),

accounts as (

    select * from {{ ref('crm_segmentation', 'landed_dynamics__accounts') }}

),

-- A contact names the lead that it came from, too.
leads_of_contacts as (

    select
        source_system,
        lead_id,
        min(contact_id) as contact_id

    from contacts

    where lead_id is not null and merged_into_id is null

    group by source_system, lead_id

),

people as (

    select
        contacts.source_system,
        contacts.contact_id as person_id,
        contacts.merged_into_id as same_as_id,
        {{ dynamics_person_columns('contacts') }},
        contacts.birth_date,
        contacts.gender_code,
        accounts.account_name as company

    from contacts

    left join accounts on contacts.source_system = accounts.source_system and contacts.account_id = accounts.account_id

    union all

    select
        leads.source_system,
        leads.lead_id as person_id,
        coalesce(
            leads.merged_into_id,
            case when leads.state = 1 then leads.contact_id end,
            leads_of_contacts.contact_id
        ) as same_as_id,
        {{ dynamics_person_columns('leads') }},
        cast(null as timestamp) as birth_date,
        cast(null as {{ dbt.type_bigint() }}) as gender_code,
        leads.company

    from leads

    left join leads_of_contacts on leads.source_system = leads_of_contacts.source_system and leads.lead_id = leads_of_contacts.lead_id

)

select * from people
