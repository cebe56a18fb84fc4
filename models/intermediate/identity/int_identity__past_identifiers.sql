{{ config(
    materialized='incremental',
    incremental_strategy=incremental_strategy('append'),
    unique_key=['record_id', 'identifier_type', 'identifier_key', 'known_on'],
    full_refresh=false,
    on_schema_change='fail',
    pre_hook="{{ crm_segmentation.forget_identifiers_of_erased_people() }}",
) }}
-- depends_on: {{ ref('crm_segmentation', 'int_identity__erased_records') }}

with

identifiers as (

    select * from {{ ref('crm_segmentation', 'int_identity__identifiers') }}
    where blocked_reason is null and identifier_type in ('email', 'phone')

),

former_identifiers as (

    select * from {{ ref('crm_segmentation', 'stg_people__former_identifiers') }}

),

erased_records as (

    select * from {{ ref('crm_segmentation', 'int_identity__erased_records') }}

),

shown as (

    select
        record_id,
        identifier_type,
        identifier_key

    from identifiers

    union distinct

    select
        record_id,
        identifier_type,
        identifier_key

    from former_identifiers

),
{%- if is_incremental() %}

remembered as (

    select distinct
        record_id,
        identifier_type,
        identifier_key

    from {{ this }}

    where known_on <= {{ as_of_date() }}

),
{%- endif %}

past_identifiers as (

    select
        shown.record_id,
        shown.identifier_type,
        shown.identifier_key,
        {{ as_of_date() }} as known_on

    from shown

    left join erased_records on shown.record_id = erased_records.record_id
    {%- if is_incremental() %}

    left join remembered
        on
            shown.record_id = remembered.record_id
            and shown.identifier_type = remembered.identifier_type
            and shown.identifier_key = remembered.identifier_key
    {%- endif %}

    where erased_records.record_id is null {{ 'and remembered.record_id is null' if is_incremental() }}

)

select * from past_identifiers
