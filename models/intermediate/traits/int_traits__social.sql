with

identifiers as (

    select * from {{ ref('crm_segmentation', 'stg_people__contact_identifiers') }}
    where identifier_type in ('social_handle', 'loyalty_number')

),

known_records as (

    select * from {{ ref('crm_segmentation', 'int_contacts__known_records') }}

),

social as (

    select
        known_records.contact_id,
        cast(
            count(distinct case when identifiers.identifier_type = 'social_handle' then identifiers.identifier_value end)
            as {{ dbt.type_int() }}
        ) as social_handle_count,
        count(case when identifiers.identifier_type = 'loyalty_number' then 1 end) > 0 as has_loyalty_number

    from identifiers

    inner join known_records on identifiers.record_id = known_records.record_id

    group by known_records.contact_id

)

select * from social
