{{ config(enabled=is_connected('dynamics', 'raw_contacts')) }}

with

people as (

    select * from {{ ref('crm_segmentation', 'connected_dynamics__people') }}
    where source_system in ({{ instances_feeding('dynamics', 'raw_contacts') }})

),

-- A choice has a label in each language: one of them is enough.
choice_labels as (

    select
        source_system,
        lower(column_name) as column_name,
        choice_code,
        {{ value_at_lowest('choice_label', 'coalesce(language_id, 0)') }} as choice_label

    from {{ ref('crm_segmentation', 'landed_dynamics__choice_labels') }}

    where lower(table_name) in ('contact', '2') and lower(column_name) in ('gendercode', 'leadsourcecode')

    group by source_system, lower(column_name), choice_code

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
        people.job_title,
        people.company,
        people.address_line,
        people.postal_code,
        people.city,
        people.region,
        people.country,
        people.created_at,
        people.loaded_at,
        sources.choice_label as acquisition_source,
        cast(people.birth_date as date) as birth_date,
        coalesce(genders.choice_label, case people.gender_code when 1 then 'male' when 2 then 'female' end) as gender,
        case when people.same_as_id is null then people.updated_at else people.created_at end as updated_at

    from people

    left join choice_labels as genders
        on
            people.source_system = genders.source_system
            and people.gender_code = genders.choice_code
            and genders.column_name = 'gendercode'

    left join choice_labels as sources
        on
            people.source_system = sources.source_system
            and people.source_code = sources.choice_code
            and sources.column_name = 'leadsourcecode'

)

select * from contacts
