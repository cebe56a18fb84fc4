{{ config(
    materialized='incremental',
    incremental_strategy=incremental_strategy('append'),
    on_schema_change='append_new_columns',
    post_hook=[
        "{{ crm_segmentation.forget_former_entries(['contact_id'], 'change_number') }}",
        "{{ crm_segmentation.note_build('int_orders__changed_contacts') }}",
    ],
) }}

{#- The orders of earlier runs are read as they stand: those of this one stand on this model. -#}
{%- set noted = newest_build('int_orders__changed_contacts', 'int_orders__changed_contacts') if is_incremental() else none %}
{%- set held_orders = stored_relation('orders') if noted is not none else none %}

-- Guarantees that a contact whose orders, lines or first day are not what they were is a change, whatever the reason, and so
-- is one whom a day that has passed since moves on: a purchase leaves a window that stages and traits look back on.
with

facts as (

    select
        coalesce(contact_id, '') as contact_id,
        {{ row_fingerprint([
            'order_id', 'ordered_at', 'order_status', 'not_a_purchase_reason', 'currency', 'order_total', 'discount_total', 'refund_total',
            'net_amount', 'promotion_code', 'sales_channel', 'lines_fingerprint',
        ]) }} as fingerprint

    from {{ ref('crm_segmentation', 'int_orders__attributed') }}

    union all

    select
        contact_id,
        {{ row_fingerprint(['first_seen_at']) }} as fingerprint

    from {{ ref('crm_segmentation', 'contacts') }}

),
{%- if held_orders is not none %}

moved_on as (

    select distinct contact_id

    from {{ held_orders }}

    where
        contact_id is not null
        and (
            {%- for days in purchase_windows() %}
            {{ 'or ' if not loop.first }}ordered_on between {{ add_days("cast('" ~ noted.day ~ "' as date)", -days) }} and {{ add_days(as_of_date(), -days - 1) }}
            {%- endfor %}
        )

),
{%- endif %}

{{ changes_of_keys('facts', 'contact_id', also='moved_on' if held_orders is not none) }}

select * from changes
