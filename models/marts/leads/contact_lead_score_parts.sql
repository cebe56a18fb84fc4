with

signals as (

    select * from {{ ref('crm_segmentation', 'int_leads__signals') }}

),

rules as (

    select * from {{ ref('crm_segmentation', 'lead_score_rules') }}

),

decayed_signals as (

    select
        signals.contact_id,
        rules.rule_name,
        rules.points_cap,
        rules.makes_hot,
        signals.occurred_on,
        signals.signal_count,
        {{ decayed('rules.points * signals.signal_count', days_ago('signals.occurred_on'), 'rules.half_life_days') }} as points

    from signals

    inner join rules on signals.signal_type = rules.signal_type and signals.signal_name = rules.signal_name

),

totals as (

    select
        contact_id,
        rule_name,
        points_cap,
        makes_hot,
        sum(signal_count) as signal_count,
        max(occurred_on) as last_occurred_on,
        sum(points) as points

    from decayed_signals

    group by contact_id, rule_name, points_cap, makes_hot

),

parts as (

    select
        contact_id,
        cast(rule_name as {{ dbt.type_string() }}) as rule_name,
        cast(signal_count as {{ dbt.type_int() }}) as signal_count,
        last_occurred_on,
        cast({{ greatest_of([least_of(['points', 'points_cap']), '-points_cap']) }} as numeric(18, 4)) as points,
        makes_hot and {{ days_ago('last_occurred_on') }} <= {{ var('hot_lead_days') }} as makes_hot

    from totals

)

select * from parts
