-- By what were records joined to their person?
select
    coalesce(link_labels.label, {{ crm_segmentation.in_words('links.link_type') }}) as link_type,
    count(*) as record_count
from {{ ref('crm_segmentation', 'contact_record_links') }} as links
left join {{ ref('crm_segmentation', 'code_labels') }} as link_labels
    on link_labels.code_kind = 'link_type' and links.link_type = link_labels.code
where links.link_type != 'first_record'
group by links.link_type, link_labels.label
order by record_count desc, links.link_type asc
