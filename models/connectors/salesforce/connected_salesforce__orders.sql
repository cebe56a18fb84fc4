{{ config(enabled=is_connected('salesforce', 'raw_orders')) }}

with

-- An opportunity that is open or lost is no order, because nothing was sold.
won_opportunities as (

    select * from {{ ref('crm_segmentation', 'landed_salesforce__opportunities') }}
    where
        source_system in ({{ instances_feeding('salesforce', 'raw_orders') }})
        and is_won
        and not coalesce(is_in_recycle_bin, false)

),

-- The primary contact buys; where none is primary, the only one.
buyers as (

    select
        source_system,
        opportunity_id,
        coalesce(
            min(case when is_primary then contact_id end),
            case when count(distinct contact_id) = 1 then min(contact_id) end
        ) as contact_id

    from {{ ref('crm_segmentation', 'landed_salesforce__contact_roles') }}

    where not coalesce(is_in_recycle_bin, false)

    group by source_system, opportunity_id

),

accounts as (

    select * from {{ ref('crm_segmentation', 'landed_salesforce__accounts') }}

),

orders as (

    select
        won_opportunities.source_system,
        won_opportunities.opportunity_id as source_order_id,
        won_opportunities.closed_on as ordered_at,
        won_opportunities.currency,
        won_opportunities.amount as order_total,
        won_opportunities.updated_at,
        won_opportunities.loaded_at,
        'won' as order_status,
        'sales' as sales_channel,
        coalesce(buyers.contact_id, won_opportunities.contact_id, accounts.person_contact_id) as source_contact_id

    from won_opportunities

    left join buyers
        on won_opportunities.source_system = buyers.source_system and won_opportunities.opportunity_id = buyers.opportunity_id

    left join accounts
        on won_opportunities.source_system = accounts.source_system and won_opportunities.account_id = accounts.account_id

)

select * from orders
