-- How large is each segment, what is it for, and what did a member spend in the last 365 days?
with

members as (

    select
        memberships.segment_name,
        traits.net_spend_365_days,
        traits.purchases_365_days

    from {{ ref('crm_segmentation', 'segment_memberships') }} as memberships

    inner join {{ ref('crm_segmentation', 'contact_traits') }} as traits
        on memberships.contact_id = traits.contact_id

),

spending as (

    select
        segment_name,
        avg(coalesce(net_spend_365_days, 0)) as spend_per_member,
        avg(coalesce(purchases_365_days, 0)) as purchases_per_member

    from members

    group by segment_name

)

select
    definitions.model,
    definitions.goal,
    definitions.owned_by,
    definitions.exclusive_group,
    definitions.contact_count,
    cast(spending.spend_per_member as decimal(18, 2)) as spend_per_member,
    cast(spending.purchases_per_member as decimal(18, 2)) as purchases_per_member,
    coalesce(definitions.label, {{ crm_segmentation.in_words('definitions.segment_name') }}) as segment
from {{ ref('crm_segmentation', 'segment_definitions') }} as definitions
left join spending on definitions.segment_name = spending.segment_name
order by definitions.contact_count desc, definitions.segment_name asc
