with

contacts as (

    select * from {{ ref('crm_segmentation', 'contacts') }}

),

parts as (

    select * from {{ ref('crm_segmentation', 'contact_lead_score_parts') }}

),

grades as (

    select * from {{ ref('crm_segmentation', 'lead_grades') }}

),

scores as (

    select
        contacts.contact_id,
        cast(coalesce(sum(parts.points), 0) as numeric(18, 4)) as lead_score,
        coalesce(max(case when parts.makes_hot then 1 else 0 end), 0) = 1 as is_hot_lead

    from contacts

    left join parts on contacts.contact_id = parts.contact_id

    group by contacts.contact_id

),

grade_bands as (

    select
        lead_grade,
        lowest_score,
        lead(lowest_score) over (order by lowest_score asc nulls first) as next_lowest_score

    from grades

),

lead_scores as (

    select
        scores.contact_id,
        scores.lead_score,
        cast(case when scores.is_hot_lead then 'hot' else grade_bands.lead_grade end as {{ dbt.type_string() }}) as lead_grade,
        scores.is_hot_lead,
        {{ as_of_date() }} as as_of_date

    from scores

    left join grade_bands
        on
            (grade_bands.lowest_score is null or scores.lead_score >= grade_bands.lowest_score)
            and (grade_bands.next_lowest_score is null or scores.lead_score < grade_bands.next_lowest_score)

)

select * from lead_scores
