{%- set scored = scored_month_ends() -%}

-- Guarantees that a past month is scored again only if a purchase up to its end has changed, or its contact, or a
-- rule. Months before the first purchase have no row.
with

interactions as (

    select * from {{ ref('crm_segmentation', 'int_rfm__interactions') }}

),

month_ends as (

    {{ month_end_rows(var('rfm_history_months')) | indent(4) }}

),

-- Days first: they are few, and the interactions are read once.
day_fingerprints as (

    select
        happened_on,
        count(*) as interaction_count,
        -- Sums of hashes tell whether rows have changed; their remainder cannot overflow.
        sum(cast({{ remainder(key_hash(['interaction_id', 'contact_id', 'net_amount']), 4294967291) }} as bigint)) as fingerprint_sum

    from interactions

    group by happened_on

),

fingerprints as (

    select
        month_ends.month_end,
        '{{ rfm_rules_version() }} ' || cast(cast(sum(day_fingerprints.interaction_count) as bigint) as {{ dbt.type_string() }})
        || ' ' || cast(cast(sum(day_fingerprints.fingerprint_sum) as bigint) as {{ dbt.type_string() }}) as purchases_fingerprint

    from month_ends

    inner join day_fingerprints on month_ends.month_end >= day_fingerprints.happened_on

    group by month_ends.month_end

),

scored_months as (

    {% if scored -%}
    select distinct
        month_end,
        purchases_fingerprint

    from {{ scored }}
    {%- else -%}
    select * from fingerprints
    where 1 = 0
    {%- endif %}

),

months as (

    select
        fingerprints.month_end,
        fingerprints.purchases_fingerprint,
        scored_months.month_end is null as is_due

    from fingerprints

    left join scored_months
        on
            fingerprints.month_end = scored_months.month_end
            and fingerprints.purchases_fingerprint = scored_months.purchases_fingerprint

)

select * from months
