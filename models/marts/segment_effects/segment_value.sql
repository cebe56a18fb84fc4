with

entries as (

    select * from {{ ref('crm_segmentation', 'int_segment_effects__entries') }}
    where is_complete

),

segment_totals as (

    select
        segment_name,
        count(*) as contact_count,
        sum(revenue_before) as revenue_before,
        sum(revenue_after) as revenue_after,
        sum(case when purchase_count_after > 0 then 1 else 0 end) as purchaser_count

    from entries

    group by segment_name

),

segment_value as (

    select
        cast(segment_name as {{ dbt.type_string() }}) as segment_name,
        cast(contact_count as bigint) as contact_count,
        cast(revenue_before as numeric(18, 2)) as revenue_before,
        cast(revenue_after as numeric(18, 2)) as revenue_after,
        cast(purchaser_count as bigint) as purchaser_count,
        cast(revenue_before as {{ double_type() }}) / contact_count as revenue_per_contact_before,
        cast(revenue_after as {{ double_type() }}) / contact_count as revenue_per_contact_after,
        {{ as_of_date() }} as as_of_date

    from segment_totals

),

{{ with_segment_labels('segment_value') }}

select * from labelled
