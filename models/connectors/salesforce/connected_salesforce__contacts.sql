{{ config(enabled=is_connected('salesforce', 'raw_contacts')) }}

with

people as (

    select * from {{ ref('crm_segmentation', 'connected_salesforce__people') }}
    where source_system in ({{ instances_feeding('salesforce', 'raw_contacts') }}) and not is_deleted

),

requests_to_be_forgotten as (

    select
        source_system,
        individual_id,
        coalesce(updated_at, loaded_at) as asked_at

    from {{ ref('crm_segmentation', 'landed_salesforce__individuals') }}

    where wants_to_be_forgotten and not coalesce(is_in_recycle_bin, false)

),

-- What somebody chose in a merge or a conversion stands in the record that it led to: the other one is as old as its first day.
contacts as (

    select
        people.source_system,
        people.person_id as source_contact_id,
        people.email,
        people.phone,
        people.first_name,
        people.last_name,
        people.gender,
        people.job_title,
        people.company,
        people.address_line,
        people.postal_code,
        people.city,
        people.region,
        people.country,
        people.acquisition_source,
        people.created_at,
        people.loaded_at,
        cast(people.birth_date as date) as birth_date,
        case when people.same_as_id is null then people.updated_at else people.created_at end as updated_at,
        case
            when requests_to_be_forgotten.individual_id is not null then coalesce(requests_to_be_forgotten.asked_at, people.created_at)
        end as deleted_at

    from people

    left join requests_to_be_forgotten
        on people.source_system = requests_to_be_forgotten.source_system and people.individual_id = requests_to_be_forgotten.individual_id

)

select * from contacts
