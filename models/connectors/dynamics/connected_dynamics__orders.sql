{{ config(enabled=is_connected('dynamics', 'raw_orders')) }}

with

-- An opportunity that is open or lost is no order, because nothing was sold.
won_opportunities as (

    select * from {{ ref('crm_segmentation', 'landed_dynamics__opportunities') }}
    where source_system in ({{ instances_feeding('dynamics', 'raw_orders') }}) and state = 1

),

currencies as (

    select * from {{ ref('crm_segmentation', 'landed_dynamics__currencies') }}

),

contacts as (

    select * from {{ ref('crm_segmentation', 'landed_dynamics__contacts') }}

),

accounts as (

    select * from {{ ref('crm_segmentation', 'landed_dynamics__accounts') }}

),

-- A currency that did not land is not the reporting currency: such an amount is in none.
orders as (

    select
        won_opportunities.source_system,
        won_opportunities.opportunity_id as source_order_id,
        won_opportunities.closed_on as ordered_at,
        won_opportunities.updated_at,
        won_opportunities.loaded_at,
        'won' as order_status,
        'sales' as sales_channel,
        coalesce(currencies.currency, won_opportunities.currency_id) as currency,
        coalesce(won_opportunities.actual_value, won_opportunities.total_amount) as order_total,
        coalesce(won_opportunities.contact_id, contacts.contact_id, accounts.primary_contact_id) as source_contact_id

    from won_opportunities

    left join currencies
        on won_opportunities.source_system = currencies.source_system and won_opportunities.currency_id = currencies.currency_id

    left join contacts
        on won_opportunities.source_system = contacts.source_system and won_opportunities.customer_id = contacts.contact_id

    left join accounts
        on
            won_opportunities.source_system = accounts.source_system
            and coalesce(won_opportunities.account_id, won_opportunities.customer_id) = accounts.account_id

)

select * from orders
