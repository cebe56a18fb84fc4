-- Which segments is each contact in, by which criteria, and what else is known about it?
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

explained as (

    select
        memberships.contact_id,
        definitions.label,
        definitions.criteria,
        traits.purchase_count,
        traits.net_spend_total,
        traits.days_since_last_purchase,
        traits.lifecycle_stage,
        traits.rfm_group

    from memberships

    inner join definitions on memberships.segment_name = definitions.segment_name

    inner join traits on memberships.contact_id = traits.contact_id

)

select * from explained
order by contact_id asc, label asc
