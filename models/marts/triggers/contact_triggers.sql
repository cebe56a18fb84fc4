{{ config(
    materialized='incremental',
    incremental_strategy=incremental_strategy('append'),
    unique_key=['contact_id', 'trigger_name', 'occurred_on'],
    on_schema_change='fail',
    full_refresh=false,
) }}

-- depends_on: {{ ref('crm_segmentation', 'int_contacts__known_records') }}
with

occurrences as (

    select * from {{ ref('crm_segmentation', 'int_triggers__occurrences') }}

),

rules as (

    select * from {{ ref('crm_segmentation', 'trigger_rules') }}
    where is_active

),
{%- if is_incremental() %}

known_records as (

    select * from {{ ref('crm_segmentation', 'int_contacts__known_records') }}

),

-- What a contact that has been absorbed since was sent counts for the contact that absorbed it.
fired as (

    select distinct
        remembered.trigger_name,
        known_records.contact_id,
        remembered.occurred_on

    from {{ this }} as remembered

    inner join known_records on remembered.contact_id = known_records.record_id

    where remembered.occurred_on >= {{ first_day_of_last(var('trigger_window_days')) }}

),
{%- endif %}

due as (

    select
        occurrences.contact_id,
        occurrences.trigger_name,
        occurrences.occurred_on,
        rules.goal,
        rules.offer,
        rules.offer_days,
        rules.channels

    from occurrences

    inner join rules on occurrences.trigger_name = rules.trigger_name
    {%- if is_incremental() %}

    left join fired
        on
            occurrences.contact_id = fired.contact_id
            and occurrences.trigger_name = fired.trigger_name
            and occurrences.occurred_on = fired.occurred_on

    where fired.contact_id is null
    {%- endif %}

),

contact_triggers as (

    select
        contact_id,
        cast(trigger_name as {{ dbt.type_string() }}) as trigger_name,
        occurred_on,
        {{ as_of_date() }} as triggered_on,
        cast(goal as {{ dbt.type_string() }}) as goal,
        cast(offer as {{ dbt.type_string() }}) as offer,
        {{ add_days(as_of_date(), 'offer_days') }} as offer_valid_until,
        cast(channels as {{ dbt.type_string() }}) as channels

    from due

)

select * from contact_triggers
