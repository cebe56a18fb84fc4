-- How many people decided about being contacted in each month of the last year? Of each person and channel, the last decision counts.
with

months as (

    select distinct
        month_end,
        cast({{ dbt.date_trunc('month', 'month_end') }} as date) as month_start

    from {{ ref('crm_segmentation', 'contact_rfm_history') }}

)

select
    months.month_start,
    coalesce(status_labels.label, {{ crm_segmentation.in_words('consents.consent_status') }}) as decision,
    count(distinct consents.contact_id) as contact_count
from months
inner join {{ ref('crm_segmentation', 'contact_consents') }} as consents
    on
        months.month_start <= cast(consents.decided_at as date)
        and months.month_end >= cast(consents.decided_at as date)
inner join {{ ref('crm_segmentation', 'contact_traits') }} as traits
    on consents.contact_id = traits.contact_id
left join {{ ref('crm_segmentation', 'code_labels') }} as status_labels
    on status_labels.code_kind = 'consent_status' and consents.consent_status = status_labels.code
where not traits.is_erased
group by months.month_start, consents.consent_status, status_labels.label
order by months.month_start asc, decision asc
