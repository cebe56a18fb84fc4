{{ config(enabled=is_connected('salesforce', 'raw_contact_identifiers')) }}

with

people as (

    select * from {{ ref('crm_segmentation', 'connected_salesforce__people') }}
    where source_system in ({{ instances_feeding('salesforce', 'raw_contact_identifiers') }}) and not is_deleted

),

holders as (

    {{ holders_of_merged_keys('people') }}

),

contact_identifiers as (

    select
        source_system,
        person_id as source_contact_id,
        updated_at as seen_at,
        loaded_at,
        'crm_id' as identifier_type,
        {{ crm_id('source_system', 'shown_id') }} as identifier_value

    from holders

)

select * from contact_identifiers
