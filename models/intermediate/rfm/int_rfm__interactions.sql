-- Guarantees that whoever is scored by purchases does not wait for sessions.
with

interactions as (
    {%- if var('rfm_activity') == 'visits' %}

    select
        session_id as interaction_id,
        contact_id,
        started_on as happened_on,
        cast(0 as numeric(18, 2)) as net_amount

    from {{ ref('crm_segmentation', 'sessions') }}

    where contact_id is not null
    {%- else %}

    select
        order_id as interaction_id,
        contact_id,
        ordered_on as happened_on,
        net_amount

    from {{ ref('crm_segmentation', 'orders') }}

    where is_purchase and contact_id is not null
    {%- endif %}

)

select * from interactions
