-- Which segments carry the revenue: how large are they, and what did their members spend in the last 365 days?
with

memberships as (

    select * from {{ ref('crm_segmentation', 'segment_memberships') }}

),

definitions as (

    select * from {{ ref('crm_segmentation', 'segment_definitions') }}

),

traits as (

    select * from {{ ref('crm_segmentation', 'contact_traits') }}

)

select
    definitions.label,
    definitions.goal,
    definitions.contact_count,
    sum(traits.net_spend_365_days) as spend

from definitions

inner join memberships on definitions.segment_name = memberships.segment_name

inner join traits on memberships.contact_id = traits.contact_id

group by
    definitions.segment_name,
    definitions.label,
    definitions.goal,
    definitions.contact_count

order by spend desc, definitions.segment_name asc
