{{ config(
    materialized='incremental',
    incremental_strategy=incremental_strategy('append'),
    unique_key=['voice_id', 'channel'],
    on_schema_change='fail',
    full_refresh=false,
) }}

-- Guarantees that the day on which a no without a date was first seen never moves, however often its row is loaded
-- again.
with

consents as (

    select * from {{ ref('crm_segmentation', 'stg_people__consents') }}
    where consent_status = 'withdrawn' and occurred_at is null

),

objections as (

    select * from {{ ref('crm_segmentation', 'stg_activity__objections') }}
    where is_undated and event_name != 'message_bounced'

),

undated_noes as (

    select
        record_id as voice_id,
        channel

    from consents

    union distinct

    select
        {{ voice_id('objections') }} as voice_id,
        channel

    from objections

),

-- The first build remembers nothing.
remembered as (

    select
        voice_id,
        channel

    from {{ this if is_incremental() else 'undated_noes' }}

    {{ 'where 1 = 0' if not is_incremental() }}

),

newly_known as (

    select
        undated_noes.voice_id,
        undated_noes.channel,
        {{ as_of_date() }} as known_on

    from undated_noes

    left join remembered
        on undated_noes.voice_id = remembered.voice_id and undated_noes.channel = remembered.channel

    where remembered.voice_id is null

)

select * from newly_known
