{{ config(
    materialized='incremental',
    incremental_strategy=incremental_strategy('append'),
    on_schema_change='append_new_columns',
    post_hook="{{ crm_segmentation.forget_former_entries(['order_bucket'], 'change_number') }}",
) }}

{#- What base_commerce__orders holds from earlier runs is read as it stands: this model decides what that one reads anew. -#}
{%- set held_orders = stored_relation('base_commerce__orders') if is_incremental() else none %}

-- Guarantees that whatever a source changes about an order or its lines, late, twice or by taking them away, is a change.
with

facts as (
    {%- for raw_table in ['raw_orders', 'raw_order_items'] %}

    {{ raw_fingerprints(raw_table, order_bucket(tidy_key('source_order_id')), 'order_bucket') }}
    {{- '\n\n    union all' if not loop.last }}
    {%- endfor %}

),
{%- if held_orders is not none %}

-- A day that goes by may make another row of these: one that waits, one dated ahead of its time, and what goes with them.
dated_ahead as (

    select distinct {{ order_bucket('source_order_id') }} as order_bucket

    from {{ held_orders }}

    where row_status in ('early', 'rejected') or (updated_at is null and raw_updated_at is not null)

),
{%- endif %}

{{ changes_of_keys('facts', 'order_bucket', also='dated_ahead' if held_orders is not none) }}

select * from changes
