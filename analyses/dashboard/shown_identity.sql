-- Which contacts turned out to be one, and which identifiers join nobody?
with

found as (

    select
        'People who turned out to be one' as what,
        reason as code,
        'They share' as why

    from {{ ref('crm_segmentation', 'contact_merges') }}

    union all

    select
        'Identifiers that join nobody' as what,
        identifier_type as code,
        {{ crm_segmentation.in_words('reason') }} as why

    from {{ ref('crm_segmentation', 'identity_blocked_identifiers') }}

)

select
    found.what,
    found.why,
    coalesce(link_labels.label, {{ crm_segmentation.in_words('found.code') }}) as shared,
    count(*) as found_count
from found
left join {{ ref('crm_segmentation', 'code_labels') }} as link_labels
    on link_labels.code_kind = 'link_type' and found.code = link_labels.code
group by found.what, found.why, found.code, link_labels.label
order by found.what asc, found_count desc, found.why asc, found.code asc
