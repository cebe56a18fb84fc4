-- Which segments is each contact in, by which criteria, and what else is known about it? One row per record of a source system and
-- segment. Look for the key that a source has for the person.
with

memberships as (

    select * from {{ ref('crm_segmentation', 'segment_memberships') }}

),

definitions as (

    select * from {{ ref('crm_segmentation', 'segment_definitions') }}

),

traits as (

    select * from {{ ref('crm_segmentation', 'contact_traits') }}

),

records as (

    select * from {{ ref('crm_segmentation', 'contact_records') }}

),

explained as (

    select
        records.source_system,
        records.source_contact_id,
        definitions.label,
        definitions.criteria,
        traits.purchase_count,
        traits.net_spend_total,
        traits.days_since_last_purchase,
        traits.lifecycle_stage,
        traits.rfm_group,
        memberships.contact_id

    from memberships

    inner join definitions on memberships.segment_name = definitions.segment_name

    inner join traits on memberships.contact_id = traits.contact_id

    inner join records on memberships.contact_id = records.contact_id

)

select * from explained
order by source_system asc, source_contact_id asc, label asc
